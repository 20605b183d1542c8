import type { Problem } from '../../spec/workflow/problem.ts';
import type { ServerSettings } from '../settings.ts';
import { exit } from './exit.ts';
import { readDocument } from './read-file.ts';
import { problemLines } from './say.ts';

/** `validate FILE...`: all problems of each. Needs neither server nor home folder; which credentials exist is not asked. */
export async function validateCommand(
  _settings: ServerSettings,
  files: readonly string[],
  { json }: { json?: boolean },
): Promise<number> {
  const { offlineChecker } = await import('../main.ts');
  const checker = offlineChecker();
  const results: { file: string; valid: boolean; problems: readonly Problem[] }[] = [];
  for (const file of files) {
    const read = readDocument(file);
    const problems = 'problems' in read ? read.problems : await checker.problems(read.value);
    results.push({ file, valid: problems.length === 0, problems });
  }
  if (json) {
    const [only] = results;
    process.stdout.write(`${JSON.stringify(results.length === 1 ? only : { files: results }, null, 2)}\n`);
  } else {
    for (const { file, valid, problems } of results) {
      if (valid) process.stdout.write(`✓ ${file}: no problems\n`);
      else
        process.stdout.write(
          `✗ ${file}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n${problemLines(problems)}\n`,
        );
    }
  }
  return results.every(({ valid }) => valid) ? exit.ok : exit.failed;
}
