export default () => <A b={c} {...d}>text {e ? <></> : null}</A>
