#!/usr/bin/env node
import { main } from './bootstrap.mjs';

await main('cli', process.argv.slice(2));
