/** Slack's own markup, as far as messages of workflows use it: https://docs.slack.dev/messaging/formatting-message-text */
export type Mark =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code' | 'pre'; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  /** Somebody or some channel that is spoken of or called. */
  | { readonly kind: 'mention'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly marks: readonly Mark[] };

const whole = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>/;
/** A pair of signs with no letter or digit outside and no space inside. */
const pair = /(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u;
const pairKinds = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

export function parseMrkdwn(text: string): Mark[] {
  const marks: Mark[] = [];
  let rest = text;
  for (let found = whole.exec(rest); found; found = whole.exec(rest)) {
    const [all, pre, code, angle] = found;
    marks.push(...styled(rest.slice(0, found.index)));
    if (pre !== undefined) marks.push({ kind: 'pre', text: plain(pre.replace(/^\n/, '')) });
    else if (code !== undefined) marks.push({ kind: 'code', text: plain(code) });
    else marks.push(reference(angle ?? ''));
    rest = rest.slice(found.index + all.length);
  }
  marks.push(...styled(rest));
  return marks;
}

function styled(text: string): Mark[] {
  const found = pair.exec(text);
  if (!found) return text === '' ? [] : [{ kind: 'text', text: plain(text) }];
  const [all, sign, inner = ''] = found;
  const before = text.slice(0, found.index);
  return [
    ...(before === '' ? [] : [{ kind: 'text' as const, text: plain(before) }]),
    { kind: pairKinds[sign as keyof typeof pairKinds], marks: styled(inner) },
    ...styled(text.slice(found.index + all.length)),
  ];
}

/** What stands between angle brackets: `https://…|label`, `@U123`, `#C123|name`, `!here`. */
function reference(inner: string): Mark {
  const [target = '', label] = inner.split('|', 2);
  const words = label === undefined ? undefined : plain(label);
  if (target.startsWith('@')) return { kind: 'mention', text: `@${words ?? target.slice(1)}` };
  if (target.startsWith('#')) return { kind: 'mention', text: `#${words ?? target.slice(1)}` };
  if (target.startsWith('!')) return { kind: 'mention', text: words ?? `@${target.slice(1).split('^')[0]}` };
  const href = plain(target);
  if (!/^(https?|mailto):/i.test(href)) return { kind: 'text', text: `<${plain(inner)}>` };
  return { kind: 'link', href, text: words ?? href.replace(/^mailto:/i, '') };
}

/** Slack escapes these three signs and no other. */
function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
