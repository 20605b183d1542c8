import { testNode } from '../../sdk/testing/index.ts';
import forEach from './for-each.ts';
import repeatUntil from './repeat-until.ts';

const cannotRun = 'a container is run by the engine, whose tests run it';

testNode(forEach, { cannotRun });
testNode(repeatUntil, { cannotRun });
