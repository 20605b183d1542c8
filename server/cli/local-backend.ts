import type { StartedRun } from '../../engine/index.ts';
import type { RunStatus } from '../../spec/api/run.ts';
import { localCaller } from '../auth/caller.ts';
import { importWorkflow } from '../import-workflow.ts';
import { openSluice } from '../main.ts';
import { answerStep, needsYou } from '../needs-you.ts';
import { runOutput } from '../run-output.ts';
import type { ServerSettings } from '../settings.ts';
import { hashOf } from '../workspace/workspace.ts';
import type { Backend, BackendOptions, FinishedRun, Input } from './backend.ts';

const BUSY: readonly RunStatus[] = ['queued', 'running'];
const author = { name: localCaller.name, email: localCaller.email };

/** Does the work in this process, alone on the home folder. */
export async function openLocalBackend(settings: ServerSettings, { practice }: BackendOptions): Promise<Backend> {
  const { services, close } = await openSluice(settings, { practice });
  const { checker, engine, workspace, dispatcher, restarts, tokens } = services;

  const run = async (document: unknown, input: Input, draft: boolean): Promise<FinishedRun> => {
    const checked = await checker.runnable(document);
    const started: StartedRun = await dispatcher.start({
      document: checked,
      version: hashOf(checked),
      draft,
      cause: 'cli',
      ...(input === undefined ? {} : { records: input }),
      until: 'finished',
    });
    const ended = await started.finished;
    return { run: ended, output: await runOutput(engine, ended.id, checked) };
  };

  return {
    server: undefined,
    problems: (document) => checker.problems(document),
    runDocument: (document, input) => run(document, input, true),
    runWorkflow: async (id, input) => {
      const published = await workspace.published(id);
      return published ? run(published.document, input, false) : run((await workspace.get(id)).document, input, true);
    },
    previewRestart: (id, restart) => restarts.preview(id, restart),
    restart: async (id, restart) => {
      const ended = await engine.finished(await restarts.restart(id, restart));
      const document = await workspace.version(ended.version);
      return { run: ended, output: document ? await runOutput(engine, ended.id, document) : [] };
    },
    previewRestartFailed: (workflow, restart) => restarts.previewFailed(workflow, restart),
    restartFailed: async (workflow, restart) => {
      const { restarted, left } = await restarts.restartFailed(workflow, restart);
      const runs = restarted.map(async ({ run: old, id }) => ({ run: old, restarted: await engine.finished(id) }));
      return { runs: await Promise.all(runs), left };
    },
    importDocument: (document, replace) => importWorkflow(services, document, { replace, author }),
    exportWorkflow: async (id) => (await workspace.get(id)).document,
    needsYou: () => needsYou(engine),
    answer: async (id, step, answer) => {
      const rest = Promise.withResolvers<RunStatus>();
      const off = engine.on((event) => {
        if (event.kind !== 'run' || event.run.id !== id || BUSY.includes(event.run.status)) return;
        rest.resolve(event.run.status);
      });
      try {
        await answerStep(engine, { run: id, step }, answer, localCaller);
        return await rest.promise;
      } finally {
        off();
      }
    },
    createToken: async (name) => tokens.create(localCaller, name).token,
    close,
  };
}
