import type { DataRecord } from '../../sdk/index.ts';

/** A cURL command as settings of `http.request`. Secrets never go into the settings: they come apart, as a credential to be made. */
export interface ImportedCurl {
  readonly params: DataRecord;
  readonly credential?: { readonly type: string; readonly values: DataRecord };
  /** What could not be taken over, in words. */
  readonly notes: readonly string[];
}

interface Draft {
  method: string | undefined;
  url: string | undefined;
  headers: [name: string, value: string][];
  data: string[];
  json: boolean;
  form: [name: string, value: string][];
  asQuery: boolean;
  user: string | undefined;
  file: string | undefined;
  follow: boolean;
  notes: string[];
}

/** Options with a value that mean nothing here, and those without one. */
const IGNORED_WITH_VALUE = new Set([
  '-o',
  '--output',
  '-w',
  '--write-out',
  '-m',
  '--max-time',
  '--connect-timeout',
  '--retry',
  '-c',
  '--cookie-jar',
  '--cacert',
]);
const IGNORED = new Set([
  '-s',
  '--silent',
  '-S',
  '--show-error',
  '-v',
  '--verbose',
  '-i',
  '--include',
  '--compressed',
  '-f',
  '--fail',
  '-g',
  '--globoff',
  '-N',
  '--no-buffer',
  '--http1.1',
  '--http2',
  '-#',
  '--progress-bar',
  '-O',
  '--remote-name',
]);
const SHORT_WITH_VALUE = new Set([
  '-X',
  '-H',
  '-d',
  '-F',
  '-u',
  '-A',
  '-e',
  '-b',
  '-o',
  '-T',
  '-m',
  '-w',
  '-c',
  '-x',
  '-E',
]);

/** @throws Error with words for the person when the text is no cURL command. */
export function parseCurl(text: string): ImportedCurl {
  const [program, ...words] = shellWords(text);
  if (program === undefined || !/(^|\/)curl(\.exe)?$/.test(program))
    throw new Error('This is not a cURL command: it should begin with "curl".');
  const draft: Draft = {
    method: undefined,
    url: undefined,
    headers: [],
    data: [],
    json: false,
    form: [],
    asQuery: false,
    user: undefined,
    file: undefined,
    follow: false,
    notes: [],
  };
  const options = separated(words);
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as string;
    const take = () => options[++i] ?? '';
    readOption(option, take, draft);
  }
  if (draft.url === undefined) throw new Error('The cURL command has no address.');
  return finished(draft, draft.url);
}

/** `-XPOST` and `--data=x` as two words, `-sSL` as three. */
function separated(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const long = /^(--[a-z0-9-]+)=(.*)$/s.exec(word);
    if (long !== null) return [long[1] ?? '', long[2] ?? ''];
    if (!/^-[^-]./s.test(word)) return [word];
    const parts: string[] = [];
    for (let i = 1; i < word.length; i++) {
      const option = `-${word[i]}`;
      parts.push(option);
      if (!SHORT_WITH_VALUE.has(option)) continue;
      if (i + 1 < word.length) parts.push(word.slice(i + 1));
      break;
    }
    return parts;
  });
}

function readOption(option: string, take: () => string, draft: Draft): void {
  switch (option) {
    case '-X':
    case '--request':
      draft.method = take().toUpperCase();
      return;
    case '-H':
    case '--header': {
      const [name = '', ...rest] = take().split(':');
      draft.headers.push([name.trim().replace(/;$/, ''), rest.join(':').trim()]);
      return;
    }
    case '-d':
    case '--data':
    case '--data-ascii':
    case '--data-raw':
    case '--data-binary': {
      const value = take();
      if (value.startsWith('@') && option !== '--data-raw') draft.file = value.slice(1);
      else draft.data.push(value);
      return;
    }
    case '--data-urlencode': {
      const value = take();
      const at = value.indexOf('=');
      const encode = encodeURIComponent;
      draft.data.push(at > 0 ? `${value.slice(0, at)}=${encode(value.slice(at + 1))}` : encode(value.slice(at + 1)));
      return;
    }
    case '--json':
      draft.json = true;
      draft.data.push(take());
      return;
    case '-F':
    case '--form':
    case '--form-string': {
      const value = take();
      const at = value.indexOf('=');
      draft.form.push([value.slice(0, at), value.slice(at + 1)]);
      return;
    }
    case '-T':
    case '--upload-file':
      draft.file = take();
      draft.method ??= 'PUT';
      return;
    case '-u':
    case '--user':
      draft.user = take();
      return;
    case '-A':
    case '--user-agent':
      draft.headers.push(['User-Agent', take()]);
      return;
    case '-e':
    case '--referer':
      draft.headers.push(['Referer', take()]);
      return;
    case '-b':
    case '--cookie':
      draft.headers.push(['Cookie', take()]);
      return;
    case '-G':
    case '--get':
      draft.asQuery = true;
      return;
    case '-I':
    case '--head':
      draft.method ??= 'HEAD';
      return;
    case '-L':
    case '--location':
      draft.follow = true;
      return;
    case '-k':
    case '--insecure':
      draft.notes.push('Certificates are always checked, so --insecure was left out.');
      return;
    case '--url':
      draft.url = take();
      return;
    default:
      readRest(option, take, draft);
  }
}

function readRest(option: string, take: () => string, draft: Draft): void {
  if (IGNORED.has(option)) return;
  if (IGNORED_WITH_VALUE.has(option)) {
    take();
    return;
  }
  if (option.startsWith('-') && option !== '-')
    draft.notes.push(`${option} was left out: there is no such setting here.`);
  else draft.url ??= option;
}

function finished(draft: Draft, address: string): ImportedCurl {
  const url = new URL(/^[a-z]+:\/\//i.test(address) ? address : `http://${address}`);
  const credential = credentialOf(draft, url);
  const query = new Map<string, string | string[]>();
  const addQuery = (pairs: URLSearchParams) => {
    for (const [name, value] of pairs) {
      const known = query.get(name);
      query.set(name, known === undefined ? value : [known, value].flat());
    }
  };
  addQuery(url.searchParams);
  if (draft.asQuery) addQuery(new URLSearchParams(draft.data.join('&')));
  const body = draft.asQuery ? {} : bodyOf(draft);
  const method = draft.method ?? (Object.keys(body).length > 0 ? 'POST' : 'GET');
  const shown = draft.headers.filter(
    ([name]) => !/^(authorization|content-length|host)$/i.test(name) && !impliedBy(body, name),
  );
  const params: DataRecord = {
    ...(method === 'GET' ? {} : { method }),
    url: `${url.origin}${url.pathname}`,
    ...(query.size === 0 ? {} : { query: Object.fromEntries(query) }),
    ...(shown.length === 0 ? {} : { headers: Object.fromEntries(shown) }),
    ...body,
    ...(draft.follow ? {} : { followRedirects: false }),
  };
  return { params, ...(credential === undefined ? {} : { credential }), notes: draft.notes };
}

function impliedBy(body: DataRecord, header: string): boolean {
  if (/^content-type$/i.test(header)) return body.body !== undefined;
  return /^accept$/i.test(header) && body.body === 'json';
}

function bodyOf(draft: Draft): DataRecord {
  const type = draft.headers.find(([name]) => /^content-type$/i.test(name))?.[1];
  if (draft.file !== undefined) {
    draft.notes.push(`The file "${draft.file}" must be put into the file area.`);
    return { body: 'file', file: draft.file, ...(type === undefined ? {} : { contentType: type }) };
  }
  if (draft.form.length > 0) {
    for (const [name, value] of draft.form) {
      if (/^[@<]/.test(value)) draft.notes.push(`The field "${name}" sends a file: pick it in the step.`);
    }
    return { body: 'multipart', form: Object.fromEntries(draft.form) };
  }
  if (draft.data.length === 0) return {};
  const text = draft.data.join(draft.json ? '' : '&');
  if (draft.json || /json/i.test(type ?? '')) {
    try {
      return { body: 'json', json: JSON.parse(text) };
    } catch {
      draft.notes.push('The body says that it is JSON, but cannot be read as such; it was taken over as text.');
      return { body: 'text', text, contentType: type ?? 'application/json' };
    }
  }
  if (type !== undefined && !/x-www-form-urlencoded/i.test(type)) return { body: 'text', text, contentType: type };
  return { body: 'form', form: Object.fromEntries(new URLSearchParams(text)) };
}

function credentialOf(draft: Draft, url: URL): ImportedCurl['credential'] {
  const header = draft.headers.find(([name]) => /^authorization$/i.test(name))?.[1];
  const bearer = /^bearer\s+(.+)$/i.exec(header ?? '')?.[1];
  if (bearer !== undefined) return { type: 'http-bearer', values: { token: bearer } };
  const basic = /^basic\s+(.+)$/i.exec(header ?? '')?.[1];
  const inUrl =
    url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const pair = draft.user ?? (basic === undefined ? inUrl : Buffer.from(basic, 'base64').toString('utf8'));
  if (pair !== undefined) {
    const at = pair.indexOf(':');
    return {
      type: 'http-basic',
      values: { user: at < 0 ? pair : pair.slice(0, at), password: at < 0 ? '' : pair.slice(at + 1) },
    };
  }
  return header === undefined ? undefined : { type: 'http-header', values: { name: 'Authorization', value: header } };
}

/** Words as a POSIX shell parts them, `$'...'` included. */
function shellWords(text: string): string[] {
  const source = text.replace(/[\\^]\r?\n/g, ' ').trim();
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < source.length; i++) {
    const char = source[i] as string;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"' || (char === '$' && source[i + 1] === "'")) {
      const [content, end] = quotedWord(source, i);
      word = (word ?? '') + content;
      i = end;
    } else if (char === '\\') {
      word = (word ?? '') + (source[++i] ?? '');
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/** Content of the quotes that open at `start`, and where they close. */
function quotedWord(source: string, start: number): [content: string, end: number] {
  const ansi = source[start] === '$';
  const quote = ansi ? "'" : (source[start] as string);
  let content = '';
  let i = start + (ansi ? 2 : 1);
  for (; i < source.length && source[i] !== quote; i++) {
    const next = source[i + 1] ?? '';
    if (source[i] !== '\\' || (quote === "'" && !ansi)) content += source[i];
    else if (ansi && next === 'u') {
      content += String.fromCharCode(Number.parseInt(source.slice(i + 2, i + 6), 16));
      i += 5;
    } else {
      content += ansi ? (ESCAPES[next] ?? `\\${next}`) : /["\\$`]/.test(next) ? next : `\\${next}`;
      i++;
    }
  }
  return [content, i];
}
