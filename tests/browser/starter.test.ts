import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { card, nodeOf, openWorkflow, run, seeAll } from './canvas.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

interface Row {
  readonly id: string;
}

describe('the starter that keeps the warehouse in step', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
    sluice.page.setDefaultTimeout(10_000);
  });
  afterAll(() => sluice?.close());

  it('runs from home with two clicks, and every step is done', async () => {
    const { page } = sluice;
    await page.goto('/');
    await page.getByRole('button', { name: /Keep the warehouse in step with Salesforce/ }).click();
    await page.waitForURL('**/workflows/warehouse-sync');
    await run(page);
    for (const id of ['make-tables', 'read-accounts', 'update-contacts', 'check-contacts', 'tell-the-team']) {
      await nodeOf(page, id).getByText('Done', { exact: true }).first().waitFor();
    }
    expect(await page.locator('[data-status=failed]').count()).toBe(0);
    const { accounts, contacts } = await written(sluice);
    expect(Math.min(accounts, contacts)).toBeGreaterThan(10);
  });

  it('shows what came in and went out of a step as tables', async () => {
    const { page } = sluice;
    await seeAll(page);
    await card(page, 'by-industry').dblclick();
    const incoming = page.getByRole('region', { name: 'What comes in' });
    await incoming.getByRole('columnheader', { name: 'industry' }).waitFor();
    const outgoing = page.getByRole('region', { name: 'What goes out' });
    await outgoing.getByRole('columnheader', { name: 'contacts' }).waitFor();
    await outgoing.getByText('Insurance', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
  });

  it('changes no row when it runs again', async () => {
    const { page } = sluice;
    await run(page);
    expect(await written(sluice)).toEqual({ accounts: 0, contacts: 0 });
  });

  it('shows that run, as the last one, when the workflow is opened again', async () => {
    const { page } = sluice;
    await openWorkflow(page, 'warehouse-sync');
    const bar = page.getByRole('status', { name: 'Run' });
    await bar.getByText('Last run').waitFor();
    await nodeOf(page, 'update-contacts').getByText('Done', { exact: true }).first().waitFor();
    await bar.getByRole('button', { name: 'Clear the run from the canvas' }).click();
    await bar.waitFor({ state: 'detached' });
    expect(sluice.errors).toEqual([]);
  });
});

/** Rows that the newest run wrote, by table. */
async function written({ api }: SluicePage): Promise<{ accounts: number; contacts: number }> {
  const { runs } = await api<{ runs: Row[] }>('GET', '/runs?workflow=warehouse-sync&limit=1');
  const { steps } = await api<{ steps: { node: string; in: number }[] }>('GET', `/runs/${runs[0]?.id}`);
  const into = (node: string) => steps.find((step) => step.node === node)?.in ?? -1;
  return { accounts: into('update-accounts'), contacts: into('update-contacts') };
}
