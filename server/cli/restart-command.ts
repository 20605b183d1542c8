import type { RestartFailedPreview, RestartPreview } from '../../spec/api/restart.ts';
import type { ServerSettings } from '../settings.ts';
import { type Backend, openBackend, type Restart } from './backend.ts';
import { CommandError, exit } from './exit.ts';
import { grouped, runLines } from './say.ts';

export interface RestartCommandOptions {
  readonly failed?: string;
  readonly from?: string;
  readonly newest?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `restart RUN` or `restart --failed WORKFLOW`: says what is kept, done again and repeated, then does it to the end. */
export async function restartCommand(
  settings: ServerSettings,
  run: string | undefined,
  options: RestartCommandOptions,
): Promise<number> {
  const { failed, from, newest, dryRun } = options;
  if ((run === undefined) === (failed === undefined)) {
    throw new CommandError('Name a run, or a workflow with --failed.');
  }
  const request: Restart = { ...(from === undefined ? {} : { from }), version: newest ? 'newest' : 'same' };
  const backend = await openBackend(settings, { practice: dryRun !== true });
  try {
    return run === undefined
      ? await restartFailed(backend, failed as string, request, options)
      : await restartOne(backend, run, request, options);
  } finally {
    await backend.close();
  }
}

async function restartOne(backend: Backend, run: string, request: Restart, options: RestartCommandOptions) {
  const preview = await backend.previewRestart(run, request);
  say(options, previewLines(preview));
  if (options.dryRun) return finish(options, { preview });
  const { run: ended } = await backend.restart(run, request);
  say(options, `\n${runLines(ended)}`);
  finish(options, { preview, id: ended.id, status: ended.status });
  return ended.status === 'succeeded' ? exit.ok : exit.failed;
}

async function restartFailed(backend: Backend, workflow: string, request: Restart, options: RestartCommandOptions) {
  const preview = await backend.previewRestartFailed(workflow, request);
  say(options, failedPreviewLines(preview));
  if (options.dryRun || preview.runs === 0) return finish(options, { preview });
  const { runs, left } = await backend.restartFailed(workflow, request);
  for (const { run, restarted } of runs) say(options, `${run} -> ${restarted.id}: ${restarted.status}`);
  const told = runs.map(({ run, restarted }) => ({ run, id: restarted.id, status: restarted.status }));
  finish(options, { preview, restarted: told, left });
  return left.length === 0 && runs.every(({ restarted }) => restarted.status === 'succeeded') ? exit.ok : exit.failed;
}

const marks = { reused: '=', 'goes-on': '>', redone: '↻', first: '+' } as const;
const words = { reused: 'kept', 'goes-on': 'goes on', redone: 'done again', first: 'done for the first time' } as const;

function previewLines({ steps, gone }: RestartPreview): string {
  const lines = steps.map(({ name, fate, isNew, isChanged, note, repeats }) => {
    const about = [isNew ? 'new in this version' : '', isChanged ? 'changed since' : ''].filter(Boolean).join(', ');
    const more = [note, repeats].flatMap((text) => (text === undefined ? [] : `\n    ${text}`)).join('');
    return `${marks[fate]} ${name}: ${words[fate]}${about === '' ? '' : ` (${about})`}${more}`;
  });
  return [...lines, ...gone.map(({ name }) => `- ${name}: not in this version any more`)].join('\n');
}

function failedPreviewLines({ runs, more, steps, left }: RestartFailedPreview): string {
  const head = runs === 0 ? 'No failed run is left.' : `${grouped(runs)} failed ${runs === 1 ? 'run' : 'runs'}:`;
  const lines = steps.map(({ name, fates, repeats }) => {
    const parts = Object.entries(fates).map(
      ([fate, count]) => `${words[fate as keyof typeof words]} in ${grouped(count)}`,
    );
    const again = repeats === 0 ? '' : `\n    It does again outside what it did before in ${grouped(repeats)}.`;
    return `  ${name}: ${parts.join(', ')}${again}`;
  });
  const rest = left.map(({ run, why }) => `  ${run} cannot be: ${why}`);
  return [head, ...lines, ...rest, ...(more ? ['  There are more; call again for them.'] : [])].join('\n');
}

function say({ json }: RestartCommandOptions, text: string): void {
  if (!json) process.stdout.write(`${text}\n`);
}

function finish({ json }: RestartCommandOptions, report: object): number {
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return exit.ok;
}
