/** A console that keeps its own log too, as the program does around each event. */
import type { AppEvent } from '../../src/tui/model/event.ts';
import { withOwnLog } from '../../src/tui/update/own-log.ts';
import { Pilot } from './sample-fleet.ts';

export class LoggedPilot extends Pilot {
  override send(event: AppEvent): this {
    const before = this.state;
    super.send(event);
    const step = withOwnLog(before, event, { state: this.state, effects: this.effects });
    this.state = step.state;
    this.effects = step.effects;
    return this;
  }
}
