/** An async method. The decorators keep its `this`, arguments and result types exactly. */
export type AsyncMethod<This, A extends unknown[], R> = (this: This, ...args: A) => Promise<R>;

/**
 * A decorator for any async method; other methods do not compile. It types the method as a whole
 * and not `this`, arguments and result separately, because separate types lose the type parameters
 * of a generic method.
 */
export type AsyncMethodDecorator = <This, M extends (this: This, ...args: never[]) => Promise<unknown>>(
  method: M,
  context: ClassMethodDecoratorContext<This>,
) => M;

/** Gives a generic wrapper its exact decorator type. */
export function decorator(
  wrap: <This, A extends unknown[], R>(method: AsyncMethod<This, A, R>) => AsyncMethod<This, A, R>,
): AsyncMethodDecorator {
  // `wrap` returns the type that it gets: it is generic in all parts of a method's type.
  return wrap as unknown as AsyncMethodDecorator;
}

/** Values that are compared by value. */
export type Primitive = string | number | bigint | boolean | null | undefined;
