/** Where to go after signing in. Anything that is not a page of this server leads home, so that no link can send people elsewhere. */
export function safePath(then: string | null): string {
  if (then === null || !then.startsWith('/')) return '/';
  try {
    const url = new URL(then, 'http://here.invalid');
    if (url.origin !== 'http://here.invalid' || url.pathname === '/sign-in') return '/';
    return url.pathname + url.search + url.hash;
  } catch {
    return '/';
  }
}
