"""Two code editors behind one interface: the component and the plain one."""
