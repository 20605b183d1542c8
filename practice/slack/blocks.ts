/** The kinds of block that a message may hold, with what each must have. */
const REQUIRED: Record<string, readonly string[]> = {
  actions: ['elements'],
  context: ['elements'],
  divider: [],
  file: ['external_id', 'source'],
  header: ['text'],
  image: ['alt_text'],
  input: ['label', 'element'],
  markdown: ['text'],
  rich_text: ['elements'],
  section: [],
  table: ['rows'],
  video: ['alt_text', 'title', 'thumbnail_url', 'video_url'],
};

const MOST_BLOCKS = 50;
const LONGEST = { section: 3000, header: 150, field: 2000 };

/** What is wrong with a message's blocks, each with its JSON pointer, in the form of Slack's `response_metadata.messages`. */
export function blockProblems(blocks: readonly unknown[]): string[] {
  const problems = blocks.flatMap((block, i) => problemsOf(block, `/blocks/${i}`));
  if (blocks.length > MOST_BLOCKS) {
    problems.unshift(`[ERROR] no more than ${MOST_BLOCKS} items allowed [json-pointer:/blocks]`);
  }
  return problems;
}

function problemsOf(block: unknown, at: string): string[] {
  if (!isObject(block)) return [`[ERROR] must be an object [json-pointer:${at}]`];
  const { type } = block;
  const required = typeof type === 'string' ? REQUIRED[type] : undefined;
  if (typeof type !== 'string' || !required) return [`[ERROR] unsupported type: ${type} [json-pointer:${at}/type]`];
  const missing = required.filter((name) => block[name] === undefined);
  return [
    ...missing.map((name) => `[ERROR] missing required field: ${name} [json-pointer:${at}]`),
    ...contentProblems(type, block, at),
  ];
}

function contentProblems(type: string, block: Record<string, unknown>, at: string): string[] {
  switch (type) {
    case 'section': {
      if (block.text === undefined && block.fields === undefined) {
        return [`[ERROR] missing required field: text or fields [json-pointer:${at}]`];
      }
      const fields = Array.isArray(block.fields) ? block.fields : [];
      return [
        ...(block.text === undefined ? [] : textProblems(block.text, `${at}/text`, LONGEST.section)),
        ...(fields.length > 10 ? [`[ERROR] no more than 10 items allowed [json-pointer:${at}/fields]`] : []),
        ...fields.flatMap((field, i) => textProblems(field, `${at}/fields/${i}`, LONGEST.field)),
      ];
    }
    case 'header': {
      const plain = isObject(block.text) && block.text.type === 'plain_text';
      return [
        ...textProblems(block.text, `${at}/text`, LONGEST.header),
        ...(plain ? [] : [`[ERROR] must be plain_text [json-pointer:${at}/text/type]`]),
      ];
    }
    case 'image':
      return block.image_url === undefined && block.slack_file === undefined
        ? [`[ERROR] missing required field: image_url [json-pointer:${at}]`]
        : [];
    default:
      return [];
  }
}

function textProblems(text: unknown, at: string, longest: number): string[] {
  if (!isObject(text)) return [`[ERROR] must be an object [json-pointer:${at}]`];
  if (text.type !== 'mrkdwn' && text.type !== 'plain_text') {
    return [`[ERROR] must be mrkdwn or plain_text [json-pointer:${at}/type]`];
  }
  if (typeof text.text !== 'string' || text.text.length === 0) {
    return [`[ERROR] must be more than 0 characters [json-pointer:${at}/text]`];
  }
  return text.text.length > longest
    ? [`[ERROR] must be less than ${longest + 1} characters [json-pointer:${at}/text]`]
    : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
