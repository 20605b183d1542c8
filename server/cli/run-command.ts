import { existsSync } from 'node:fs';
import { Fault } from '../fault.ts';
import type { ServerSettings } from '../settings.ts';
import { type FinishedRun, openBackend } from './backend.ts';
import { CommandError, exit } from './exit.ts';
import { readDocument, readInput } from './read-file.ts';
import { problemLines, runLines } from './say.ts';

export interface RunOptions {
  readonly input?: string;
  readonly json?: boolean;
}

/** `run FILE|ID`: to the end, with the steps as they went. */
export async function runCommand(settings: ServerSettings, target: string, options: RunOptions): Promise<number> {
  const input = options.input === undefined ? undefined : readInput(options.input);
  const isFile = existsSync(target) || target === '-' || /[\\/]|\.json$/.test(target);
  const read = isFile ? readDocument(target) : undefined;
  if (read && 'problems' in read) return refused(read.problems, options);
  const backend = await openBackend(settings, { practice: true });
  try {
    const finished = read ? await backend.runDocument(read.value, input) : await backend.runWorkflow(target, input);
    print(finished, options);
    return finished.run.status === 'succeeded' ? exit.ok : exit.failed;
  } catch (error) {
    if (error instanceof Fault && error.problems) return refused(error.problems, options);
    if (error instanceof Fault && error.kind === 'not-found') {
      throw new CommandError(`There is neither a file nor a workflow "${target}".`);
    }
    throw error;
  } finally {
    await backend.close();
  }
}

function print({ run, output }: FinishedRun, { json }: RunOptions): void {
  if (!json) {
    process.stdout.write(`${runLines(run)}\n`);
    return;
  }
  const report = {
    status: run.status,
    durationMs: (run.finishedAt ?? run.createdAt) - (run.startedAt ?? run.createdAt),
    steps: run.steps.map((step) => ({
      node: step.node,
      status: step.status,
      attempts: step.attempts,
      in: step.in,
      out: step.out,
      ...(step.error === undefined ? {} : { error: step.error }),
    })),
    output,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

function refused(problems: Parameters<typeof problemLines>[0], { json }: RunOptions): number {
  if (json)
    process.stdout.write(
      `${JSON.stringify({ status: 'refused', durationMs: 0, steps: [], output: [], problems }, null, 2)}\n`,
    );
  process.stderr.write(`The workflow cannot run:\n${problemLines(problems)}\n`);
  return exit.failed;
}
