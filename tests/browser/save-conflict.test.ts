import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { card, openWorkflow, saved } from './canvas.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

const shared = {
  format: 'sluice/1',
  id: 'shared',
  name: 'Shared',
  nodes: [{ id: 'start', type: 'manual', name: 'Start' }],
  layout: { start: [0, 0] },
};

describe('two people change the same workflow', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
    sluice.page.setDefaultTimeout(10_000);
    await sluice.api('POST', '/workflows', shared);
    await openWorkflow(sluice.page, 'shared');
  });
  afterAll(() => sluice?.close());

  /** Somebody else saves, then the open canvas renames the step. */
  const collide = async (theirs: string, mine: string) => {
    const { page } = sluice;
    await elsewhere(sluice, theirs);
    await card(page, 'start').focus();
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name of the step' }).fill(mine);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Someone else changed this workflow' }).waitFor();
  };
  const nameOnServer = async () =>
    (await sluice.api<{ document: typeof shared }>('GET', '/workflows/shared')).document.nodes[0]?.name;

  it('takes theirs', async () => {
    const { page } = sluice;
    await collide('Theirs', 'Mine');
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await card(page, 'start').getByText('Theirs').waitFor();
    await saved(page);
    expect(await nameOnServer()).toBe('Theirs');
  });

  it('keeps mine', async () => {
    const { page } = sluice;
    await collide('Theirs again', 'Mine again');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await saved(page);
    expect(await nameOnServer()).toBe('Mine again');
    await card(page, 'start').getByText('Mine again').waitFor();
  });
});

async function elsewhere({ page, url }: SluicePage, name: string): Promise<void> {
  const { request } = page.context();
  const address = `${url}/api/v1/workflows/shared`;
  const { revision, document } = await (await request.get(address)).json();
  const response = await request.put(`${address}/draft`, {
    headers: { origin: url, 'if-match': revision },
    data: { ...document, nodes: [{ ...document.nodes[0], name }] },
  });
  if (!response.ok()) throw new Error(await response.text());
}
