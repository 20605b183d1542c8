import { type FaultPage, faultPages } from '../../server/fault-pages.ts';

/** `docs/errors/<code>.md` for every refusal of the server. */
export function generate(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(faultPages).map(([code, page]) => [`docs/errors/${code}.md`, pageText(code, page)]),
  );
}

function pageText(code: string, { means, remedy }: FaultPage): string {
  return `# ${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll('-', ' ')}

Code \`${code}\`, of the server.

## What it means
${means}

## What to do
${remedy}
`;
}
