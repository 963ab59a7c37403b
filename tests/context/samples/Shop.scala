package com.example.shop

import com.example.prices.Price
import com.example.taxes.{Vat, Customs => Duty}
import scala.collection.mutable._

sealed trait Kind
case object Food extends Kind
case class Tools(weight: Int) extends Kind

trait Stored[T] {
  type Id
  val limit: Int = 20
  def save(path: String): Unit
}

class Basket[T <: Stored[T]](val names: Seq[String]) extends Base with Iterable[T] {
  private var count = 0
  lazy val first: String = names.head

  def total: Double = {
    val sum = names.map(name => priceOf(name)).sum
    sum * (1 + Basket.VatRate)
  }

  def priceOf(name: String): Double = Price.of(name).net
}

object Basket {
  val VatRate = 0.2
  type Names = Seq[String]

  implicit def fromNames(names: Names): Basket[Nothing] = new Basket(names)
  given ordering: Ordering[Kind] = ???
}

enum Color {
  case Red, Green
  case Mixed(mix: Int)
}

object Main extends App {
  println(new Basket(args.toSeq).total)
}
