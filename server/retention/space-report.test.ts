import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workflowSchema } from '../../spec/workflow/document.ts';
import { openSluice } from '../main.ts';
import { readSettings } from '../settings.ts';
import { newHome, smallWorkflow } from '../testing/test-server.ts';
import { spaceReport } from './space-report.ts';

const author = { name: 'Ada', email: 'ada@example.com' };

test('says what each workflow takes up and what would go, beside a running server', async () => {
  const home = newHome();
  const settings = readSettings({ SLUICE_HOME: home, SLUICE_KEEP_SIZE: '1 KB', SLUICE_LOG_LEVEL: 'silent' });
  const { services, close } = await openSluice(settings, { practice: false });
  const run = async (id: string, bytes: number, more: Record<string, unknown>) => {
    const { document, revision } = await services.workspace.create(
      workflowSchema.parse(smallWorkflow(id, { settings: more })),
      author,
    );
    const started = await services.dispatcher.start({ document, version: revision, draft: true, cause: 'manual' });
    await started.finished;
    const blobs = join(home, 'blobs', 'runs', started.id, 'steps', 'mark', '1');
    mkdirSync(blobs, { recursive: true });
    writeFileSync(join(blobs, 'records'), 'x'.repeat(bytes));
  };
  try {
    await run('tight', 5000, {});
    await run('roomy', 9000, { retention: { size: 'unlimited' } });
    const [all, roomy, tight] = await spaceReport(settings);
    expect(roomy).toMatchObject({ workflowId: 'roomy', runs: 1, overdue: { runs: 0, bytes: 0 } });
    expect(tight).toMatchObject({ workflowId: 'tight', runs: 1, overdue: { runs: 1, bytes: tight?.bytes } });
    expect(tight?.bytes).toBeGreaterThan(5000);
    expect(all).toEqual({
      runs: 2,
      bytes: (roomy?.bytes ?? 0) + (tight?.bytes ?? 0),
      overdue: { runs: 1, bytes: tight?.bytes },
    });
    const { runs, bytes } = await services.sweeper.sweep();
    expect({ runs, bytes }).toEqual(all?.overdue);
    expect((await spaceReport(settings))[0]).toMatchObject({ runs: 1, overdue: { runs: 0, bytes: 0 } });
  } finally {
    await close();
  }
});

test('cannot read what is not there', async () => {
  await expect(spaceReport(readSettings({ SLUICE_HOME: newHome() }))).rejects.toThrow();
});
