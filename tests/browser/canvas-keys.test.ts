import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { card, drawWire, openWorkflow, said, saved } from './canvas.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

const straight = {
  format: 'sluice/1',
  id: 'straight',
  name: 'Straight on',
  nodes: [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'first', type: 'no-op', name: 'First' },
    { id: 'second', type: 'no-op', name: 'Second' },
    { id: 'third', type: 'set-fields', name: 'Third', params: { fields: { copy: "={{ $('First').item.x }}" } } },
  ],
  edges: [
    { from: 'start', to: 'first' },
    { from: 'first', to: 'second' },
    { from: 'second', to: 'third' },
  ],
  layout: { start: [0, 0], first: [340, 0], second: [340, 200], third: [680, 200] },
};

interface Draft {
  readonly nodes: readonly { id: string; name: string; disabled?: boolean; params: Record<string, unknown> }[];
  readonly edges: readonly { from: string; to: string }[];
}

describe('the canvas by pointer and by keyboard', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
    sluice.page.setDefaultTimeout(10_000);
    await sluice.api('POST', '/workflows', straight);
    await openWorkflow(sluice.page, 'straight');
  });
  afterAll(() => sluice?.close());

  const draft = async (): Promise<Draft> => {
    await saved(sluice.page);
    return (await sluice.api<{ document: Draft }>('GET', '/workflows/straight')).document;
  };

  it('refuses a loop while the wire is drawn, draws the loop and says so', async () => {
    const { page } = sluice;
    await drawWire(page, 'second', 'first');
    await page.getByText('This would make a loop: Second → First → Second.').first().waitFor();
    await said(page, 'This would make a loop: Second → First → Second.');
    expect(
      await page.locator('[data-loop] [data-step]').evaluateAll((all) => all.map((one) => one.dataset.step)),
    ).toEqual(['first', 'second']);
    await page.locator('.react-flow__edge path[data-loop]').first().waitFor({ state: 'attached' });
    await page.mouse.up();
    await page.locator('[data-loop]').first().waitFor({ state: 'detached' });
    expect((await draft()).edges).toHaveLength(3);
  });

  it('walks with the arrows and renames in place; what reads the step follows', async () => {
    const { page } = sluice;
    await card(page, 'start').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-step=first]:focus').waitFor();
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name of the step' }).fill('Kick-off');
    await page.keyboard.press('Enter');
    await card(page, 'first').getByText('Kick-off').waitFor();
    expect((await draft()).nodes[3]?.params).toEqual({ fields: { copy: "={{ $('Kick-off').item.x }}" } });
  });

  it('disables, deletes, takes back and does again', async () => {
    const { page } = sluice;
    await card(page, 'second').focus();
    await page.keyboard.press('d');
    await said(page, 'Disable 1 step');
    expect((await draft()).nodes[2]?.disabled).toBe(true);
    await page.keyboard.press('Delete');
    await said(page, 'Delete 1 step');
    await card(page, 'second').waitFor({ state: 'detached' });
    expect((await draft()).edges).toHaveLength(1);
    await page.keyboard.press('Control+z');
    await said(page, 'Undone: Delete 1 step');
    await card(page, 'second').waitFor();
    await page.keyboard.press('Control+z');
    expect((await draft()).nodes[2]?.disabled).toBeUndefined();
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Control+Shift+z');
    await card(page, 'second').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    expect((await draft()).edges).toHaveLength(3);
  });

  it('copies and pastes through the clipboard, with the edges between', async () => {
    const { page } = sluice;
    await card(page, 'second').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await said(page, 'Copied');
    await page.keyboard.press('Control+v');
    await said(page, 'Paste 4 steps');
    const pasted = await draft();
    expect(pasted.nodes.map((node) => node.id)).toContain('third-2');
    expect(pasted.edges).toContainEqual({ from: 'second-2', to: 'third-2' });
    await page.keyboard.press('Delete');
    expect((await draft()).nodes).toHaveLength(4);
    await page.keyboard.press('Control+z');
    expect((await draft()).nodes).toHaveLength(8);
    expect(sluice.errors).toEqual([]);
  });
});
