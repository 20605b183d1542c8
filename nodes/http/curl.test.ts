import { describe, expect, it } from 'vitest';
import { parseCurl } from './curl.ts';

describe('parseCurl', () => {
  it('reads what a browser copies', () => {
    const command = `curl 'https://api.example.com/v1/contacts?limit=10&tag=a&tag=b' \\
      -H 'accept: application/json' \\
      -H 'authorization: Bearer s3cret' \\
      -H 'content-type: application/json' \\
      --data-raw $'{"name":"O\\'Brien","note":"caf\\u00e9"}' \\
      --compressed`;
    expect(parseCurl(command)).toEqual({
      params: {
        method: 'POST',
        url: 'https://api.example.com/v1/contacts',
        query: { limit: '10', tag: ['a', 'b'] },
        body: 'json',
        json: { name: "O'Brien", note: 'café' },
        followRedirects: false,
      },
      credential: { type: 'http-bearer', values: { token: 's3cret' } },
      notes: [],
    });
  });

  it('reads what service documentation shows', () => {
    expect(
      parseCurl('curl https://api.stripe.com/v1/charges -u sk_test_1: -d amount=2000 -d "currency=usd" -L'),
    ).toEqual({
      params: {
        method: 'POST',
        url: 'https://api.stripe.com/v1/charges',
        body: 'form',
        form: { amount: '2000', currency: 'usd' },
      },
      credential: { type: 'http-basic', values: { user: 'sk_test_1', password: '' } },
      notes: [],
    });
    expect(parseCurl('curl -G -d q=a+b example.com/search -L').params).toEqual({
      url: 'http://example.com/search',
      query: { q: 'a b' },
    });
    expect(parseCurl('curl -sSL -XDELETE "https://a.example/x"').params).toEqual({
      method: 'DELETE',
      url: 'https://a.example/x',
    });
    expect(parseCurl('curl -L --json \'{"a":1}\' https://a.example').params).toMatchObject({
      method: 'POST',
      body: 'json',
      json: { a: 1 },
    });
  });

  it('keeps secrets out of the settings, also those in the address', () => {
    const { params, credential } = parseCurl('curl -L https://me:pw%21@a.example/x');
    expect(params).toEqual({ url: 'https://a.example/x' });
    expect(credential).toEqual({ type: 'http-basic', values: { user: 'me', password: 'pw!' } });
  });

  it('says what it leaves out', () => {
    const { params, notes } = parseCurl('curl -k -L -F file=@a.csv -F kind=x --proxy-ntlm https://a.example');
    expect(params).toMatchObject({ body: 'multipart', form: { kind: 'x' } });
    expect(notes).toHaveLength(3);
  });

  it('refuses other text', () => {
    expect(() => parseCurl('wget https://a.example')).toThrow(/cURL/);
    expect(() => parseCurl('curl -s')).toThrow(/no address/);
  });
});
