using System;
using System.Collections.Generic;
using Money = Shop.Prices.Price;
using static System.Math;

namespace Shop.Baskets
{
    public delegate void Visitor(string name);

    public enum Kind { Food, Tools = 4 }

    public interface IStored
    {
        string Id { get; }
        void Save(string path);
    }

    [Serializable]
    public class Basket<T> : Base, IStored where T : class
    {
        public const double VatRate = 0.2;
        private readonly List<string> names = new(), others;

        public event EventHandler Changed;

        public Basket(IEnumerable<string> names)
        {
            this.names.AddRange(names);
        }

        public string Id { get; set; }

        public double Total
        {
            get { return Sum() * (1 + VatRate); }
        }

        public string this[int index] => names[index];

        public static Basket<T> operator +(Basket<T> one, Basket<T> other)
        {
            return one;
        }

        private double Sum() => Abs(names.Count);

        public void Save(string path)
        {
            void Inner() { Console.WriteLine(path); }
            Inner();
        }
    }

    public record Price(decimal Net, string Currency);

    public struct Point
    {
        public int X, Y;
    }
}
