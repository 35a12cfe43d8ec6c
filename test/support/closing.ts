/** What a file's `beforeAll` opened, closed in reverse order by its `afterAll`; inside a test use `await using`. */
export class Closing {
  readonly #opened: (() => unknown)[] = [];

  /** Keeps a resource to close later and returns it. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource {
    this.#opened.push(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  defer(close: () => unknown): void {
    this.#opened.push(close);
  }

  /** Closes everything, even when one of them fails, and rejects with the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#opened.splice(0).reverse()) {
      try {
        await close();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
