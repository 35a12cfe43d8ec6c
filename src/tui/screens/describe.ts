/** One container described: what the feed knows at once, then what inspect adds when it answers. */
import { containerAt } from '../model/live-fleet.ts';
import type { DescribeScreen } from '../model/screen.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { plainLine } from './cells.ts';
import { type Fact, factLines, feedFacts, inspectFacts, labelFacts } from './details.ts';
import type { Line } from './view.ts';

/** All lines of the description at a width; the caller shows a window of them. */
export function describeLines(
  state: AppState,
  screen: DescribeScreen,
  width: number,
): readonly Line[] {
  const container = containerAt(shownFleet(state), screen.key);
  if (!container) return [plainLine(''), plainLine('   This container is gone.', 'nodata')];
  return [
    ...factLines(feedFacts(state, container), width),
    plainLine(''),
    ...answerLines(screen, width),
    plainLine(''),
    ...factLines(labelFacts(container), width),
  ];
}

function answerLines({ answer }: DescribeScreen, width: number): readonly Line[] {
  switch (answer.kind) {
    case 'loading':
      return [plainLine(' asking the engine for more …', 'pending')];
    case 'failed':
      return factLines(
        [{ name: 'inspect', texts: [answer.why], style: 'error' } satisfies Fact],
        width,
      );
    case 'ready':
      return factLines(inspectFacts(answer.inspection), width);
  }
}
