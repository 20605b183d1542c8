import { send } from '../api/call.ts';

export interface SignIn {
  readonly email: string;
  readonly password: string;
}

export async function signIn({ email, password }: SignIn): Promise<void> {
  await send('POST', '/api/auth/sign-in/email', { body: { email: email.trim(), password } });
}

/** Makes the owner's account and signs in with it. Possible only while there is no user. */
export async function makeOwner({ name, email, password }: SignIn & { readonly name: string }): Promise<void> {
  await send('POST', '/api/auth/sign-up/email', { body: { name: name.trim(), email: email.trim(), password } });
}
