import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { spaceReport } from '../retention/space-report.ts';
import type { ServerSettings } from '../settings.ts';
import { exit } from './exit.ts';
import { runningServer } from './running-server.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

const LEAST_FREE = 500_000_000;

/** `doctor`: looks at everything that has to be right for Sluice to run here. Changes nothing. */
export async function doctorCommand(settings: ServerSettings, { json }: { json?: boolean }): Promise<number> {
  const findings = [
    nodeVersion(),
    homeFolder(settings.home),
    freeSpace(settings.home),
    key(settings),
    database(join(settings.home, 'state.db'), 'Database of users and credentials'),
    database(join(settings.home, 'runs.db'), 'Database of runs'),
    ...(await space(settings)),
    client(),
    await server(settings),
  ];
  const ok = findings.every((finding) => finding.ok);
  if (json) process.stdout.write(`${JSON.stringify({ ok, findings }, null, 2)}\n`);
  else {
    for (const { what, ok: fine, detail, remedy } of findings) {
      process.stdout.write(`${fine ? '✓' : '✗'} ${what}: ${detail}${fine || !remedy ? '' : `\n    ${remedy}`}\n`);
    }
  }
  return ok ? exit.ok : exit.failed;
}

function nodeVersion(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= 24;
  return { what: 'Node', ok, detail: process.version, remedy: 'Start with "npm start", which brings Node 24.' };
}

function homeFolder(home: string): Finding {
  const at = existsSync(home) ? home : dirname(home);
  try {
    accessSync(at, constants.R_OK | constants.W_OK);
    return { what: 'Data folder', ok: true, detail: existsSync(home) ? home : `${home} (made at the first start)` };
  } catch {
    return {
      what: 'Data folder',
      ok: false,
      detail: `${at} cannot be written to`,
      remedy: 'Change its owner, or set SLUICE_HOME.',
    };
  }
}

function freeSpace(home: string): Finding {
  const { bavail, bsize } = statfsSync(existsSync(home) ? home : dirname(home));
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB`;
  return {
    what: 'Free space',
    ok: free > LEAST_FREE,
    detail,
    remedy: 'Free some space, or set SLUICE_HOME to another disk.',
  };
}

function key({ home, key: given }: ServerSettings): Finding {
  if (given !== undefined) return { what: 'Credential key', ok: true, detail: 'from SLUICE_KEY' };
  const isMade = existsSync(join(home, 'key'));
  const hasData = existsSync(join(home, 'state.db'));
  if (isMade || !hasData) {
    return { what: 'Credential key', ok: true, detail: isMade ? join(home, 'key') : 'made at the first start' };
  }
  const remedy = 'Put the file "key" back from the back-up, or set SLUICE_KEY.';
  return { what: 'Credential key', ok: false, detail: 'the file "key" is missing', remedy };
}

function database(file: string, what: string): Finding {
  if (!existsSync(file)) return { what, ok: true, detail: 'made at the first start' };
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
    const result = String(Object.values(db.prepare('pragma quick_check').get() ?? {})[0]);
    db.close();
    return { what, ok: result === 'ok', detail: result, remedy: 'Restore it from the last back-up.' };
  } catch (error) {
    return { what, ok: false, detail: String(error), remedy: 'Restore it from the last back-up.' };
  }
}

/** What the runs of each workflow take up, and what the next sweep lets go. */
async function space(settings: ServerSettings): Promise<Finding[]> {
  if (!existsSync(join(settings.home, 'runs.db'))) return [];
  try {
    return (await spaceReport(settings)).map(({ workflowId, runs, bytes, overdue }) => ({
      what: workflowId === undefined ? 'Space of all runs' : `Space of "${workflowId}"`,
      ok: true,
      detail: `${megabytes(bytes)} in ${runs === 1 ? 'one run' : `${runs} runs`}${overdue.runs === 0 ? '' : `, of which ${megabytes(overdue.bytes)} in ${overdue.runs} will be removed`}`,
    }));
  } catch (error) {
    const detail = `cannot be read: ${error instanceof Error ? error.message : error}`;
    return [
      {
        what: 'Space of all runs',
        ok: false,
        detail,
        remedy: 'Start the server once, which brings the data up to date.',
      },
    ];
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function client(): Finding {
  const built = existsSync(join(import.meta.dirname, '..', '..', 'dist', 'client', 'index.html'));
  return { what: 'Pages', ok: true, detail: built ? 'built' : 'built at "npm start"' };
}

async function server({ home, port, host }: ServerSettings): Promise<Finding> {
  const note = await runningServer(home);
  if (note) {
    const answer = await fetch(`${note.url}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
    if (answer?.ok) return { what: 'Server', ok: true, detail: `runs at ${note.url}` };
    if (answer)
      return {
        what: 'Server',
        ok: false,
        detail: `${note.url} is not ready (${answer.status})`,
        remedy: 'Look into its log.',
      };
  }
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
  const detail = isFree
    ? `not running; port ${port} is free`
    : `not running, but port ${port} is in use by another program`;
  return { what: 'Server', ok: isFree, detail, remedy: `Stop that program, or set PORT to another number.` };
}
