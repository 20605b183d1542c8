import { type CredentialTestContext, field } from '../../sdk/index.ts';
import { type Authorization, authorize } from './authorization.ts';
import { socketFault, statusFault } from './http-fault.ts';
import { readText } from './response-body.ts';

/** Where a credential can be tried, for kinds of sign-in that name no address themselves. */
export function testAddressField() {
  return field
    .text({
      label: 'Address to test with',
      placeholder: 'https://api.example.com/me',
      help: 'A page that only signed-in callers may read. Used by the Test button only.',
    })
    .optional();
}

export async function tryAddress(
  address: string | undefined,
  authorization: Authorization,
  ctx: CredentialTestContext,
): Promise<{ message: string }> {
  if (address === undefined)
    return { message: 'Nothing was tried: fill in "Address to test with" to try the sign-in for real.' };
  const signed = authorize({ url: address, headers: {} }, authorization);
  const call = { effect: 'read', isOwn: false, now: Date.now(), method: 'GET', url: address } as const;
  const response = await ctx.http
    .request({ ...signed, signal: ctx.signal, responseType: 'stream', validateStatus: () => true })
    .catch((error: unknown) => Promise.reject(ctx.signal.aborted ? ctx.signal.reason : socketFault(error, call)));
  if (response.status < 400) {
    response.data.destroy();
    return { message: `${new URL(address).host} accepted the sign-in (${response.status}).` };
  }
  throw statusFault(response.status, response.headers, await readText(response.data, 64_000, false), call);
}
