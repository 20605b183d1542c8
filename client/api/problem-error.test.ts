import { describe, expect, it } from 'vitest';
import { problemFrom } from './problem-error.ts';

describe('problemFrom', () => {
  it('keeps what the server says, with its remedy and problems', async () => {
    const problem = { code: 'cycle', message: 'm', remedy: 'r', nodeIds: ['a'], path: [], stage: 'structure' };
    const error = await problemFrom(
      Response.json(
        { code: 'invalid-workflow', detail: 'It has a loop.', remedy: 'Cut it.', problems: [problem, 7] },
        { status: 422 },
      ),
    );
    expect(error).toMatchObject({
      status: 422,
      code: 'invalid-workflow',
      message: 'It has a loop.',
      remedy: 'Cut it.',
    });
    expect(error.problems).toEqual([problem]);
  });

  it('says something plain when the body is not a problem', async () => {
    const error = await problemFrom(new Response('<html>', { status: 502 }));
    expect(error).toMatchObject({ status: 502, code: 'http-502', message: 'The server could not do this.' });
  });
});
