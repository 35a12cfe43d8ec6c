/** The parts of blessed that are used, by themselves: the whole brings forty widgets along. Its own declarations know only the whole. */
declare module 'blessed/lib/widgets/screen.js' {
  import type { Widgets } from 'blessed';

  interface ScreenMaker {
    (options: Widgets.IScreenOptions): Widgets.Screen;
    /** Handlers of the process by name, and whatever else blessed keeps there. */
    readonly [name: string]: unknown;
  }
  const Screen: ScreenMaker;
  export = Screen;
}

declare module 'blessed/lib/widgets/box.js' {
  import type { Widgets } from 'blessed';

  const Box: (options: Widgets.BoxOptions) => Widgets.BoxElement;
  export = Box;
}

declare module 'blessed/lib/tput.js' {
  const Tput: {
    readonly prototype: { _prefix: (name?: string) => string; _compile: () => () => string };
  };
  export = Tput;
}
