/** How a request says who asks. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'query'; readonly name: string; readonly value: string };

interface Signable {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The same request with the sign-in on it. */
export function authorize<R extends Signable>(request: R, authorization: Authorization): R {
  switch (authorization.kind) {
    case 'none':
      return request;
    case 'query': {
      const url = new URL(request.url);
      url.searchParams.set(authorization.name, authorization.value);
      return { ...request, url: url.href };
    }
    default: {
      const [name, value] = headerOf(authorization);
      const others = Object.entries(request.headers).filter(([other]) => other.toLowerCase() !== name.toLowerCase());
      return { ...request, headers: { ...Object.fromEntries(others), [name]: value } };
    }
  }
}

/** The header that must not follow a redirect to another host. */
export function secretHeader(authorization: Authorization): string | undefined {
  return authorization.kind === 'none' || authorization.kind === 'query' ? undefined : headerOf(authorization)[0];
}

function headerOf(authorization: Exclude<Authorization, { kind: 'none' | 'query' }>): [name: string, value: string] {
  switch (authorization.kind) {
    case 'basic':
      return [
        'Authorization',
        `Basic ${Buffer.from(`${authorization.user}:${authorization.password}`).toString('base64')}`,
      ];
    case 'bearer':
      return ['Authorization', `Bearer ${authorization.token}`];
    case 'header':
      return [authorization.name, authorization.value];
  }
}
