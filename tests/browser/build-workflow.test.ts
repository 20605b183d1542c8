import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { card, nodeOf, pick, run, saved } from './canvas.ts';
import { seriousIssues } from './serious-issues.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

describe('a workflow from nothing', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
    sluice.page.setDefaultTimeout(5_000);
  });
  afterAll(() => sluice?.close());

  it('begins with a name and a trigger', async () => {
    const { page } = sluice;
    await page.goto('/');
    await page.getByRole('button', { name: 'New workflow' }).first().click();
    await page.getByLabel('Name').fill('Tidy the list');
    await page.getByRole('button', { name: 'Make the workflow' }).click();
    await page.waitForURL('**/workflows/tidy-the-list');
    const palette = page.getByRole('complementary', { name: 'Steps to add' });
    await palette.getByRole('combobox', { name: 'Search steps' }).fill('start by hand');
    await palette.getByRole('combobox', { name: 'Search steps' }).press('Enter');
    await card(page, 'start-by-hand').waitFor();
    await palette.getByRole('combobox', { name: 'Search steps' }).fill('');
  });

  it('grows by the plus of a step, connected', async () => {
    const { page } = sluice;
    await page.getByRole('button', { name: 'Add a step after Start by hand' }).click();
    await pick(page, 'generate', 'Generate');
    await page.locator('.react-flow__edge[aria-label^="From Start by hand"]').waitFor({ state: 'attached' });
    await addField(sluice, 'greeting');
    await page.getByRole('textbox', { name: 'Value of greeting' }).fill('Hello');
    await close(sluice);
    await run(page);
    await nodeOf(page, 'generate-records').getByText('Done', { exact: true }).first().waitFor();
  });

  it('takes a column of an earlier step as a pill, with its value for the sample row', async () => {
    const { page } = sluice;
    await page.getByRole('button', { name: 'Add a step after Generate records, records' }).click();
    await pick(page, 'set fields', 'Set fields');
    await addField(sluice, 'copy');
    await page.getByRole('textbox', { name: 'Value of copy' }).click();
    await page
      .getByRole('option', { name: /greeting/ })
      .first()
      .click();
    const field = page.locator('[data-field="fields"]');
    await field
      .getByText(/greeting/)
      .first()
      .waitFor();
    await field.getByText('Hello').first().waitFor();
  });

  it('has a panel and a canvas that all can use, light and dark', async () => {
    const { page } = sluice;
    expect(await seriousIssues(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await seriousIssues(page)).toEqual([]);
    await close(sluice);
    expect(await seriousIssues(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await seriousIssues(page)).toEqual([]);
  });

  it('shows the counts of a run on its cards', async () => {
    const { page, api } = sluice;
    await run(page);
    const node = nodeOf(page, 'set-fields');
    await node.getByText('Done', { exact: true }).first().waitFor();
    await node.getByText('10', { exact: true }).waitFor();
    await saved(page);
    const { document } = await api<{ document: { nodes: { params: unknown }[] } }>('GET', '/workflows/tidy-the-list');
    expect(document.nodes[2]?.params).toMatchObject({ fields: { copy: '={{ $json.greeting }}' } });
  });

  it('goes live when it is published', async () => {
    const { page, api } = sluice;
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('button', { name: 'Published' }).waitFor();
    const { published } = await api<{ published: unknown }>('GET', '/workflows/tidy-the-list');
    expect(published).not.toBeNull();
    expect(sluice.errors).toEqual([]);
  });
});

async function addField({ page }: SluicePage, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add to Fields' }).click();
  await page.getByRole('textbox', { name: 'Name 1' }).fill(name);
}

async function close({ page }: SluicePage): Promise<void> {
  const button = page.getByRole('button', { name: 'Close', exact: true });
  await button.click();
  await button.waitFor({ state: 'detached' });
}
