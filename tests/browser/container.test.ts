import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { card, nodeOf, pick, run, saved, seeAll } from './canvas.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

describe('a container', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
  });
  afterAll(() => sluice?.close());

  it('is filled from its plus, and runs what stands in it', async () => {
    const { page, api } = sluice;
    await page.goto('/');
    await page.getByRole('button', { name: 'New workflow' }).first().click();
    await page.getByLabel('Name').fill('One by one');
    await page.getByRole('button', { name: 'Make the workflow' }).click();
    await page.waitForURL('**/workflows/one-by-one');
    const search = page
      .getByRole('complementary', { name: 'Steps to add' })
      .getByRole('combobox', { name: 'Search steps' });
    await search.fill('start by hand');
    await search.press('Enter');
    await card(page, 'start-by-hand').waitFor();
    await search.fill('');
    await page.getByRole('button', { name: 'Add a step after Start by hand' }).click();
    await pick(page, 'for each', 'For each');
    await card(page, 'for-each').waitFor();
    await leavePanel(sluice);
    await seeAll(page);

    await page.getByRole('button', { name: 'Add a step inside For each' }).click();
    const picker = page.getByRole('dialog', { name: 'Add a step' });
    await picker.getByRole('option', { name: 'For each' }).first().waitFor();
    expect(await picker.getByRole('option', { name: 'Start by hand' }).count()).toBe(0);
    await pick(page, 'set fields', 'Set fields');
    await page.getByRole('button', { name: 'Add to Fields' }).click();
    await page.getByRole('textbox', { name: 'Name 1' }).fill('greeting');
    await page.getByRole('textbox', { name: 'Value of greeting' }).fill('Hello');
    await leavePanel(sluice);
    await saved(page);
    const { document } = await api<{ document: { nodes: unknown[] } }>('GET', '/workflows/one-by-one');
    expect(document.nodes[2]).toMatchObject({ id: 'set-fields', parent: 'for-each' });

    await run(page);
    await seeAll(page);
    for (const id of ['start-by-hand', 'for-each', 'set-fields']) {
      await nodeOf(page, id).getByText('Done', { exact: true }).first().waitFor();
    }
    expect(sluice.errors).toEqual([]);
  });

  it('is what runs when a step inside is tried out', async () => {
    const { page } = sluice;
    await card(page, 'set-fields').dblclick();
    const goesOut = page.getByRole('region', { name: 'What goes out' });
    await page.getByRole('button', { name: 'Run “For each”' }).click();
    await goesOut.getByText('Done', { exact: true }).waitFor();
    await goesOut.getByText('Round 1').waitFor();
    await goesOut.getByRole('gridcell', { name: 'Hello' }).first().waitFor();
    expect(sluice.errors).toEqual([]);
  });
});

/** Closes the settings, which open by themselves for a step that needs something. */
async function leavePanel({ page }: SluicePage): Promise<void> {
  const button = page.getByRole('button', { name: 'Close', exact: true });
  await button.click();
  await button.waitFor({ state: 'detached' });
}
