import { testNode } from '../../sdk/testing/index.ts';
import forEach from './for-each.ts';
import repeatUntil from './repeat-until.ts';

testNode(forEach);
testNode(repeatUntil);
