type A<T extends B = C> = { [k in keyof T]?: T[k] }; abstract class D<E> implements F { constructor(private readonly g: H) {} }
enum I { J = 1 << 2 }
