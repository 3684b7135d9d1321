using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace FnLb.Host.Stores;

/// <summary>Runs a statement with its parameters, whatever the database.</summary>
/// <remarks>
/// Nothing is cancelled: a driver does so by asking the server, which may be what does not answer. Each statement has
/// the time limit of its connection.
/// </remarks>
internal static class SqlStatements
{
    /// <param name="parameters">A name is written with an @ in the statement.</param>
    /// <returns>How many rows were concerned.</returns>
    public static async Task<int> ExecuteAsync(
        this DbConnection connection, string statement, params IReadOnlyList<(string Name, object Value)> parameters)
    {
        await using DbCommand command = connection.Command(statement, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <param name="read">Makes an item of the current row; it is given the name of a column and finds its place, or
    /// -1.</param>
    public static async Task<List<T>> QueryAsync<T>(
        this DbConnection connection, string statement, Func<DbDataReader, Func<string, int>, T> read,
        params IReadOnlyList<(string Name, object Value)> parameters)
    {
        await using DbCommand command = connection.Command(statement, parameters);
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        List<string> columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        List<T> items = [];
        while (await reader.ReadAsync())
        {
            items.Add(read(reader, columns.IndexOf));
        }

        return items;
    }

    [SuppressMessage("Security", "CA2100", Justification = "What comes from outside is always a parameter.")]
    private static DbCommand Command(
        this DbConnection connection, string statement, IReadOnlyList<(string Name, object Value)> parameters)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = statement;
        foreach ((string name, object value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = $"@{name}";
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
