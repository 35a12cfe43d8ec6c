/** The whole console on the terminal it is started in, over a made-up fleet. CHANGES is how many containers change a second. */
import { runConsole } from '../../src/tui/app.ts';
import { BenchFleet } from '../support/bench-fleet.ts';

await using fleet = new BenchFleet({
  environments: 30,
  containersEach: 100,
  changesPerSecond: Number(process.env.CHANGES ?? 0),
});
process.exitCode = await runConsole({ fleet });
