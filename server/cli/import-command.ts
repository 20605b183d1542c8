import { Fault } from '../fault.ts';
import type { ServerSettings } from '../settings.ts';
import { openBackend } from './backend.ts';
import { exit } from './exit.ts';
import { readDocument } from './read-file.ts';
import { problemLines } from './say.ts';

/** `import FILE...`: each file for itself, so that one that is refused does not keep out the others. */
export async function importCommand(
  settings: ServerSettings,
  files: readonly string[],
  replace: boolean,
): Promise<number> {
  const documents = files.map((file) => ({ file, read: readDocument(file) }));
  const backend = await openBackend(settings, { practice: false });
  let code: number = exit.ok;
  try {
    for (const { file, read } of documents) {
      const refused = (problems: Parameters<typeof problemLines>[0]) => {
        process.stderr.write(`✗ ${file} was not imported:\n${problemLines(problems)}\n`);
        code = exit.failed;
      };
      if ('problems' in read) {
        refused(read.problems);
        continue;
      }
      try {
        const { id, problems, notes } = await backend.importDocument(read.value, replace);
        process.stdout.write(`✓ ${file} is now the draft "${id}"\n`);
        for (const { message } of notes) process.stdout.write(`    ${message}\n`);
        if (problems.length > 0)
          process.stdout.write(`    To be finished before it can run:\n${problemLines(problems)}\n`);
      } catch (error) {
        if (!(error instanceof Fault && error.problems)) throw error;
        refused(error.problems);
      }
    }
  } finally {
    await backend.close();
  }
  return code;
}
