/** An async method as written. The decorators keep its `this`, arguments and result exactly. */
export type AsyncMethod<This, A extends unknown[], R> = (this: This, ...args: A) => Promise<R>;

/**
 * A decorator for any async method; on another it does not compile. It names the method's type as a whole and not `this`,
 * arguments and result one by one, because those lose the type parameters of a generic method.
 */
export type AsyncMethodDecorator = <This, M extends (this: This, ...args: never[]) => Promise<unknown>>(
  method: M,
  context: ClassMethodDecoratorContext<This>,
) => M;

/** Gives a wrapper that treats all methods alike its exact type. */
export function decorator(
  wrap: <This, A extends unknown[], R>(method: AsyncMethod<This, A, R>) => AsyncMethod<This, A, R>,
): AsyncMethodDecorator {
  // What `wrap` returns has the type of what it is given: it is generic in all that a method's type holds.
  return wrap as unknown as AsyncMethodDecorator;
}

/** Values that are equal when they look equal. */
export type Primitive = string | number | bigint | boolean | null | undefined;
