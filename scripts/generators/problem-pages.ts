import { type ProblemPage, problemPages } from '../../spec/workflow/problem-codes.ts';

/** `docs/errors/<code>.md` for every problem that the validation of a workflow can name. */
export function generate(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problemPages).map(([code, page]) => [`docs/errors/${code}.md`, pageText(code, page)]),
  );
}

const stages: Readonly<Record<ProblemPage['stage'], string>> = {
  structure: 'The document cannot be saved, published or run with it, not even as a draft.',
  unfinished: 'A draft can be saved with it, but it can neither be published nor run.',
};

function pageText(code: string, page: ProblemPage): string {
  return `# ${page.title}

Code \`${code}\`. ${stages[page.stage]}

## What it means
${page.means}

## What to do
${page.remedy}
`;
}
