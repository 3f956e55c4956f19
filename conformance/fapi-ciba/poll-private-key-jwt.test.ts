// The plan `fapi-ciba-id1` with poll and private_key_jwt.
import { CHECKS } from './checks/index.ts';
import { runPlan } from './plan.ts';

runPlan({ mode: 'poll', clientAuth: 'private_key_jwt' }, CHECKS);
