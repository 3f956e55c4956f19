// The plan `fapi-ciba-id1` with poll and mtls.
import { CHECKS } from './checks/index.ts';
import { runPlan } from './plan.ts';

runPlan({ mode: 'poll', clientAuth: 'mtls' }, CHECKS);
