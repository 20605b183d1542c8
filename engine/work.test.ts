import { describe, expect, it } from 'vitest';
import { perform, settled, type Work } from './work.ts';

function* sum(...given: (number | Promise<number>)[]): Work<number> {
  let total = 0;
  for (const one of given) total += one instanceof Promise ? yield* settled(one) : one;
  return total;
}

describe('work', () => {
  it('is done at once where there is nothing to wait for', () => {
    expect(perform(sum(1, 2))).toBe(3);
  });

  it('waits for what is not there yet, in order', async () => {
    const result = perform(sum(1, Promise.resolve(2), 3, Promise.resolve(4)));
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe(10);
  });

  it('meets a failure where it waits', async () => {
    function* careful(): Work<string> {
      try {
        yield Promise.reject(new Error('lost'));
        return 'not reached';
      } catch (error) {
        yield Promise.resolve();
        return (error as Error).message;
      }
    }
    expect(await perform(careful())).toBe('lost');
    await expect(perform(sum(1, Promise.reject(new Error('gone'))))).rejects.toThrow('gone');
  });

  it('throws at once what fails before it waits', () => {
    function* early(): Work<void> {
      JSON.parse('{');
      yield Promise.resolve();
    }
    expect(() => perform(early())).toThrow(SyntaxError);
  });
});
