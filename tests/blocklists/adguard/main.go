// Judges an adblock list as AdGuard Home does: prints for each name of the arguments whether it is blocked.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/AdguardTeam/urlfilter"
	"github.com/AdguardTeam/urlfilter/filterlist"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	list := filterlist.NewString(&filterlist.StringConfig{ID: 1, RulesText: string(text)})
	storage, err := filterlist.NewRuleStorage([]filterlist.Interface{list})
	if err != nil {
		panic(err)
	}
	engine := urlfilter.NewDNSEngine(storage)
	fmt.Println("rules", engine.RulesCount)
	for _, name := range os.Args[1:] {
		_, matched := engine.Match(name)
		fmt.Println(name, matched)
	}
}
