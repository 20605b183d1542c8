import type { Problem } from '../spec/workflow/problem.ts';
import type { Services } from './services.ts';
import type { Author } from './workspace/git-history.ts';

export interface Imported {
  readonly id: string;
  /** What is unfinished about it. */
  readonly problems: Problem[];
  /** What the import changed. */
  readonly notes: { message: string }[];
}

/** Makes a draft of a document whose structure is sound: over the one of the same id with `replace`, else under a free id. */
export async function importWorkflow(
  { checker, workspace }: Pick<Services, 'checker' | 'workspace'>,
  given: unknown,
  { replace, author }: { replace: boolean; author: Author },
): Promise<Imported> {
  const { document, problems } = await checker.sound(given);
  const isThere = (await workspace.find(document.id)) !== undefined;
  if (isThere && replace) {
    await workspace.save(document, author, { message: `Import ${document.name}` });
    return { id: document.id, problems, notes: [] };
  }
  let id = document.id;
  for (let n = 2; await workspace.find(id); n++) id = `${document.id.slice(0, 74)}-${n}`;
  await workspace.create({ ...document, id }, author);
  const notes = id === document.id ? [] : [{ message: `"${document.id}" was taken, so this one is "${id}".` }];
  return { id, problems, notes };
}
