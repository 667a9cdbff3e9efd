import { killMarathon } from '../faults/kill-marathon.ts';

/** 200 kills that count, and some of the first init. */
killMarathon({ rounds: 100, inits: 30, moreAcksThan: 100, moreGapsThan: 0 });
