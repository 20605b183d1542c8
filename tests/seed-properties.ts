import fc from 'fast-check';

/** Property tests try the same values every time, so that a change is to blame when one fails; `SLUICE_TEST_SEED` tries others. */
fc.configureGlobal({ seed: Number(process.env.SLUICE_TEST_SEED ?? 7) });
