package shop

import (
	"encoding/json"
	str "strings"

	_ "example.com/shop/drivers/v2"
	. "example.com/shop/prices"
)

import "os"

const VATRate = 0.2

const (
	Food Kind = iota
	Tools
)

var defaultBasket, other *Basket

// Kind of a thing.
type Kind int

type (
	Names []string
	Alias = Names
)

type Basket struct {
	names  []string
	Owner  string `json:"owner"`
	mu, ok sync.Mutex
	*Base
}

type Store interface {
	Save(path string) error
	Load(
		path string,
	) (*Basket, error)
}

func NewBasket(names ...string) *Basket {
	return &Basket{names: names}
}

func (b *Basket) Total() float64 {
	sum := 0.0
	for _, name := range b.names {
		sum += PriceOf(str.TrimSpace(name))
	}
	return sum * (1 + VATRate)
}

func Map[T, U any](items []T, f func(T) U) []U {
	out := make([]U, 0, len(items))
	json.NewEncoder(os.Stdout)
	return out
}
