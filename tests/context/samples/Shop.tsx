import React, { useState } from "react";
import { Basket } from "./basket";

interface Props {
  title: string;
  basket: Basket;
}

export function ShopView({ title, basket }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <div className="shop" onClick={() => setOpen(!open)}>
      <Header title={title} />
      <ul>{basket.names.map((name) => <Entry key={name} name={name} />)}</ul>
      <Menu.Item disabled />
    </div>
  );
}

const Entry = ({ name }: { name: string }) => <li>{name}</li>;
