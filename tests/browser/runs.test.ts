import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousIssues } from './serious-issues.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

const start = { id: 'start', type: 'manual', name: 'Start' };
const make = {
  id: 'make',
  type: 'generate',
  name: 'Make orders',
  params: { count: 1200, fields: { no: '={{ $index + 1 }}' } },
};

const failing = {
  format: 'sluice/1',
  id: 'failing',
  name: 'Stops on purpose',
  nodes: [start, make, { id: 'halt', type: 'stop', name: 'Stop here', params: { message: 'The orders are late' } }],
  edges: [
    { from: 'start', to: 'make' },
    { from: 'make', to: 'halt' },
  ],
};

const asking = {
  format: 'sluice/1',
  id: 'asking',
  name: 'Approve refunds',
  nodes: [
    start,
    { id: 'ask', type: 'wait', name: 'Ask', params: { approval: { message: 'Pay out 12 refunds?' } } },
    { id: 'pay', type: 'no-op', name: 'Pay' },
    { id: 'keep', type: 'no-op', name: 'Keep' },
  ],
  edges: [
    { from: 'start', to: 'ask' },
    { from: 'ask', output: 'approved', to: 'pay' },
    { from: 'ask', output: 'declined', to: 'keep' },
  ],
};

describe('runs and what needs a person', () => {
  let sluice: SluicePage;
  const run = async (document: { id: string }) => {
    await sluice.api('POST', '/import?replace=true', document);
    return (await sluice.api<{ id: string }>('POST', `/workflows/${document.id}/runs`, { draft: true })).id;
  };

  beforeAll(async () => {
    sluice = await openSluicePage();
  });
  afterAll(() => sluice?.close());

  it('says what failed and shows what came into the step', async () => {
    const { page } = sluice;
    const id = await run(failing);
    await page.goto(`/runs/${id}`);
    const failure = page.getByRole('alert');
    await failure.getByText('“Stop here” failed').waitFor();
    await failure.getByText('The orders are late').waitFor();
    await page.getByRole('button', { name: /Make orders/ }).click();
    const output = page.getByRole('grid', { name: 'Output of Make orders' });
    await output.waitFor();
    expect(await output.getAttribute('aria-rowcount')).toBe('1201');
    await output.getByText('1', { exact: true }).first().click();
    const drawer = page.getByRole('dialog', { name: 'A record and its way through the run' });
    await drawer.getByText('Record 1 of 1,200', { exact: true }).first().waitFor();
    await page.keyboard.press('Escape');
    expect(await seriousIssues(page)).toEqual([]);
  });

  it('follows a record to where it came from and what became of it, by keyboard', async () => {
    const { page } = sluice;
    await page.getByRole('grid', { name: 'Output of Make orders' }).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    const way = page.getByRole('listbox', { name: 'Steps on the way of the record' });
    await way.getByRole('option', { name: /Make orders.*Record 3 of 1,200/, selected: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    await way.getByRole('option', { name: /Stop here.*Failed/, selected: true }).waitFor();
    await page.getByText('The way of the record ends here.').waitFor();
    await page.keyboard.press('Home');
    await way.getByRole('option', { name: /Start.*Record 1 of 1/, selected: true }).waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show the step' }).click();
    await page.getByRole('grid', { name: 'Output of Start' }).waitFor();
  });

  it('goes to any row of a long table, and says what a column is like', async () => {
    const { page } = sluice;
    await page.getByRole('button', { name: /Make orders/ }).click();
    const output = page.getByRole('grid', { name: 'Output of Make orders' });
    await output.focus();
    await page.keyboard.press('Control+End');
    await output.getByRole('rowheader', { name: '1,200', exact: true }).waitFor();
    await page.getByLabel('Go to row').fill('600');
    await page.keyboard.press('Enter');
    await output.getByRole('rowheader', { name: '600', exact: true }).waitFor();
    await page.getByRole('button', { name: /^no\s*all different$/ }).click();
    const about = page.getByRole('dialog');
    await about.getByText('1200', { exact: true }).waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await about.waitFor({ state: 'detached' });
  });

  it('restarts from the step that failed as a new run', async () => {
    const { page } = sluice;
    const before = page.url();
    await page.getByRole('alert').getByRole('button', { name: 'Restart from here' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('region', { name: 'Done again' }).waitFor();
    await dialog.getByRole('button', { name: 'Restart', exact: true }).click();
    await page.getByText('Restart of an earlier run').waitFor();
    expect(page.url()).not.toBe(before);
    await page.getByRole('alert').getByText('“Stop here” failed').waitFor();
  });

  it('keeps the list of runs live', async () => {
    const { page } = sluice;
    await page.goto('/runs');
    await page
      .getByRole('link', { name: /Stops on purpose/ })
      .first()
      .waitFor();
    await run(asking);
    await page.getByRole('link', { name: /Needs you.*Approve refunds/ }).waitFor();
  });

  it('answers an approval in the inbox, and the run goes on', async () => {
    const { page } = sluice;
    await page.goto('/needs-you');
    const card = page.getByRole('article').filter({ hasText: 'Pay out 12 refunds?' });
    await card.getByLabel('Comment').fill('Checked with Lea');
    expect(await seriousIssues(page)).toEqual([]);
    await card.getByRole('button', { name: 'Approve' }).click();
    await card.waitFor({ state: 'detached' });
    await page.goto('/workflows/asking/runs');
    await page.getByRole('link', { name: /Done/ }).waitFor();
  });
});
