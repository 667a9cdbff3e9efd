import { killMarathon } from './kill-marathon.ts';

/** Sixteen runs may all have ended before they were hit; that there are gaps is asked in test/heavy. */
killMarathon({ rounds: 16, inits: 8, moreAcksThan: 0, moreGapsThan: -1 });
