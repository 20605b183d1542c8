import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousIssues } from './serious-issues.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

describe('settings', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
  });
  afterAll(() => sluice?.close());

  it('makes a token that works, shows it once, and revokes it', async () => {
    const { page, url } = sluice;
    await page.goto('/settings/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name').fill('Nightly report');
    await page.getByRole('radio', { name: 'Viewer' }).check();
    await page.getByRole('button', { name: 'Make the token' }).click();
    const token = (await page.getByTestId('token').textContent()) ?? '';
    const ask = () => fetch(`${url}/api/v1/workflows`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(200);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('cell', { name: 'Nightly report', exact: true }).waitFor();
    expect(await page.getByText(token).count()).toBe(0);
    expect(await seriousIssues(page)).toEqual([]);
    await page.getByRole('button', { name: 'Revoke Nightly report' }).click();
    await page.getByRole('button', { name: 'Revoke the token' }).click();
    await page.getByRole('cell', { name: 'Nightly report', exact: true }).waitFor({ state: 'detached' });
    expect((await ask()).status).toBe(401);
  });

  it('says above every page that the disk is full, for as long as it is', async () => {
    const { page } = sluice;
    const body = {
      status: 'not ready',
      code: 'disk-full',
      detail: 'The disk that holds the data of this server is full, so nothing new can be taken on.',
      remedy: 'Free space on it or make it larger.',
    };
    await page.route('**/readyz', (route) => route.fulfill({ status: 503, json: body }));
    await page.goto('/settings');
    const notice = page.getByRole('alert').filter({ hasText: 'The disk that holds the data of this server is full' });
    await notice.getByText('Free space on it or make it larger.').waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await page.unroute('**/readyz');
    await page.evaluate("dispatchEvent(new Event('visibilitychange'))");
    await notice.waitFor({ state: 'detached' });
  });

  it('invites a viewer, who sees only what the role allows', async () => {
    const { page, api } = sluice;
    await page.goto('/settings/users');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('Name').fill('Vera');
    await page.getByLabel('E-mail address').fill('vera@example.com');
    await page.getByRole('textbox', { name: 'First password' }).fill('only looking');
    await page.getByRole('radio', { name: 'Viewer' }).check();
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('vera@example.com').waitFor();
    await api('POST', '/api/auth/sign-in/email', { email: 'vera@example.com', password: 'only looking' });
    await page.goto('/settings');
    await page.getByRole('link', { name: 'Variables' }).waitFor();
    expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    await page.goto('/');
    await page.getByText('No workflows yet').waitFor();
    expect(await page.getByRole('button', { name: 'New workflow' }).count()).toBe(0);
  });
});
