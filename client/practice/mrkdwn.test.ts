import { describe, expect, it } from 'vitest';
import { parseMrkdwn } from './mrkdwn.ts';

describe("Slack's markup", () => {
  it('reads bold, italic and struck words, also one in the other', () => {
    expect(parseMrkdwn('*Done*: _all *good*_ ~not~')).toEqual([
      { kind: 'bold', marks: [{ kind: 'text', text: 'Done' }] },
      { kind: 'text', text: ': ' },
      {
        kind: 'italic',
        marks: [
          { kind: 'text', text: 'all ' },
          { kind: 'bold', marks: [{ kind: 'text', text: 'good' }] },
        ],
      },
      { kind: 'text', text: ' ' },
      { kind: 'strike', marks: [{ kind: 'text', text: 'not' }] },
    ]);
  });

  it('leaves signs within words and arithmetic alone', () => {
    expect(parseMrkdwn('orders_held_back, 2 * 3 * 4')).toEqual([{ kind: 'text', text: 'orders_held_back, 2 * 3 * 4' }]);
  });

  it('takes code as it stands', () => {
    expect(parseMrkdwn('see `a *b*` and ```\nx < y\n```')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'code', text: 'a *b*' },
      { kind: 'text', text: ' and ' },
      { kind: 'pre', text: 'x < y\n' },
    ]);
  });

  it('reads links and mentions', () => {
    expect(parseMrkdwn('<https://example.com?a=1&amp;b=2|the list> <@U1> <#C1|sales> <!here>')).toEqual([
      { kind: 'link', href: 'https://example.com?a=1&b=2', text: 'the list' },
      { kind: 'text', text: ' ' },
      { kind: 'mention', text: '@U1' },
      { kind: 'text', text: ' ' },
      { kind: 'mention', text: '#sales' },
      { kind: 'text', text: ' ' },
      { kind: 'mention', text: '@here' },
    ]);
  });

  it('makes no link of what could run a script', () => {
    expect(parseMrkdwn('<javascript:alert(1)|click>')).toEqual([{ kind: 'text', text: '<javascript:alert(1)|click>' }]);
  });

  it('shows escaped signs as what they stand for', () => {
    expect(parseMrkdwn('a &lt; b &amp;&amp; c')).toEqual([{ kind: 'text', text: 'a < b && c' }]);
  });
});
