/** The one widget of blessed-contrib that is used, below its element: its own declarations know no single widgets. */
declare module 'blessed-contrib/lib/widget/charts/line.js' {
  interface LineOptions {
    /** In cells, as numbers: then no parent is asked for its size. */
    readonly width: number;
    readonly height: number;
    readonly maxY: number;
    readonly numYLabels: number;
    readonly style: { readonly line: string; readonly text: string; readonly baseline: string };
  }
  interface LineData {
    readonly x: readonly string[];
    readonly y: readonly number[];
    readonly style: { readonly line: string };
  }
  interface LineWidget {
    emit(event: 'attach'): void;
    setData(data: readonly LineData[]): void;
    /** After `attach`. */
    readonly ctx: { readonly _canvas: { frame(): string } };
  }
  const Line: new (options: LineOptions) => LineWidget;
  export = Line;
}
